// The bus: one topic of chain events, a subscription for each destination.
import { roles } from 'roles.bicep'

param name string
param location string
param tags object
param principalId string

@description('The connectors that are written to, by name. Each has a subscription of its own.')
param destinations string[]

param isPrivate bool
param workspaceId string

var hub = loadJsonContent('../hub.json')
var subscriptionNames = map(destinations, destination => '${hub.topic.subscriptionPrefix}${destination}')

// Private endpoints are Premium's. Standard is the smallest tier that has topics and duplicate detection.
var tier = isPrivate ? 'Premium' : 'Standard'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: isPrivate ? { name: tier, tier: tier, capacity: 1 } : { name: tier, tier: tier }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

// The id of a message is the id of its event, so what the outbox sends twice arrives once.
resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: hub.topic.name
  properties: {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: hub.topic.duplicateWindow
    defaultMessageTimeToLive: hub.topic.timeToLive
    supportOrdering: true
    enablePartitioning: false
    maxSizeInMegabytes: 5120
  }
}

resource subscriptions 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [
  for subscription in subscriptionNames: {
    parent: topic
    name: subscription
    properties: {
      lockDuration: hub.topic.lockDuration
      maxDeliveryCount: hub.topic.maxDeliveryCount
      defaultMessageTimeToLive: hub.topic.timeToLive
      deadLetteringOnMessageExpiration: true
      deadLetteringOnFilterEvaluationExceptions: true
    }
  }
]

// What is published for all. It takes the place of the rule that a new subscription comes with and that lets everything pass.
resource everyone 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = [
  for (subscription, index) in subscriptionNames: {
    parent: subscriptions[index]
    name: '$Default'
    properties: { filterType: 'CorrelationFilter', correlationFilter: { to: hub.topic.everyone } }
  }
]

// What comes again to this destination alone: deferred and resubmitted messages travel through the topic, addressed to one subscription.
resource again 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = [
  for (subscription, index) in subscriptionNames: {
    parent: subscriptions[index]
    name: 'again'
    properties: { filterType: 'CorrelationFilter', correlationFilter: { to: subscription } }
  }
]

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, principalId, roles.serviceBusDataSender)
  scope: topic
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataSender)
  }
}

// At each subscription: the trigger needs the right to be effective there, and nothing else of the topic is read.
resource receivers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (subscription, index) in subscriptionNames: {
    name: guid(subscriptions[index].id, principalId, roles.serviceBusDataReceiver)
    scope: subscriptions[index]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataReceiver)
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'operations'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'OperationalLogs', enabled: true }]
  }
}

output id string = namespace.id
output host string = split(split(namespace.properties.serviceBusEndpoint, '/')[2], ':')[0]
