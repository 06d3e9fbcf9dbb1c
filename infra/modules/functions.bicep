// The hub itself: a Flex Consumption plan and one function app. Every connection is by identity, every secret a reference to the vault.
import { Connector } from 'types.bicep'

param name string
param location string
param tags object
param identityId string
param identityClientId string
param storageName string
param packagesUrl string
param cosmosEndpoint string
param cosmosDatabase string
param serviceBusHost string
param vaultUrl string
param insightsConnectionString string
param connectors { *: Connector }
param writeBack bool

@description('The connectors that are written to, by name. Those beyond the triggers are served by the sweep, once a minute.')
param destinations string[]

param publicUrl string
param instanceMemory int
param maximumInstances int
param zoneRedundant bool

@description('Empty: no virtual network.')
param subnetId string

// Setting by setting, and the name of each secret: the setting's own with -- for __, since a vault's names know no underscore.
var keys = ['Hub__AdminKey', 'Hub__OperatorKey', 'Hub__ReaderKey', 'Hub__IdKey']
var connectorSecrets = flatten(map(items(connectors), connector => map(connector.value.secrets, secret => 'Connectors__${connector.key}__${secret}')))
var connectorSettings = flatten(map(items(connectors), connector => map(items(connector.value.settings), setting => {
  name: 'Connectors__${connector.key}__${setting.key}'
  value: setting.value
})))
var secrets = concat(keys, connectorSecrets)
var secretSettings = map(secrets, secret => {
  name: secret
  value: '@Microsoft.KeyVault(SecretUri=${vaultUrl}secrets/${replace(secret, '__', '--')})'
})

var identitySettings = flatten(map(['AzureWebJobsStorage', 'Cosmos', 'ServiceBus'], connection => [
  { name: '${connection}__credential', value: 'managedidentity' }
  { name: '${connection}__clientId', value: identityClientId }
]))

var settings = [
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnectionString }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identityClientId};Authorization=AAD' }
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
  { name: 'AzureWebJobsStorage__accountName', value: storageName }
  { name: 'Cosmos__accountEndpoint', value: cosmosEndpoint }
  { name: 'Cosmos__Database', value: cosmosDatabase }
  { name: 'ServiceBus__fullyQualifiedNamespace', value: serviceBusHost }
  { name: 'Hub__Store', value: 'cosmos' }
  { name: 'Hub__Bus', value: 'servicebus' }
  { name: 'Hub__WriteBack', value: string(writeBack) }
  { name: 'Hub__PublicUrl', value: empty(publicUrl) ? 'https://${name}.azurewebsites.net' : publicUrl }
]

// The triggers of messages are numbered; each is given a destination, and those that have none are off. A trigger that is off has a name all the same: the platform resolves it before it looks.
var hub = loadJsonContent('../hub.json')
var triggerSettings = flatten(map(range(0, hub.topic.triggers), index => [
  { name: 'Hub__Destinations__${index + 1}', value: index < length(destinations) ? destinations[index] : 'none' }
  { name: 'AzureWebJobs__RouteEvents${index + 1}__Disabled', value: string(index >= length(destinations)) }
]))

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      scaleAndConcurrency: {
        // A vendor waits a few seconds for its answer and then calls it a failure, so one instance never sleeps.
        alwaysReady: [{ name: 'http', instanceCount: 1 }]
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      appSettings: concat(settings, identitySettings, triggerSettings, secretSettings, connectorSettings)
    }
  }
}

// No passwords for publishing either.
resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
output secretNames string[] = map(secrets, secret => replace(secret, '__', '--'))
