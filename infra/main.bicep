// The hub in one subscription: a resource group, and in it everything the hub needs. docs/deploy.md is the way to use it.
targetScope = 'subscription'

import { Connector, Scale } from 'modules/types.bicep'

@description('Name of the environment, such as dev or prod. Part of every name.')
@minLength(2)
@maxLength(12)
param environmentName string

@description('Region of everything. It must offer Flex Consumption: az functionapp list-flexconsumption-locations')
param location string

@description('The connectors, by name. Names are letters and digits: they become part of app settings.')
param connectors { *: Connector }

@description('The hub writes to the vendors that it has credentials for. Off: it only reads, and no subscription is made.')
param writeBack bool = false

@description('How much the hub may use.')
param scale Scale

@description('Virtual network, private endpoints, no public data plane. Needs Service Bus Premium, which this then chooses.')
param privateNetwork bool = false

@description('Days that the database can be restored back to.')
@allowed([7, 30])
param backupDays int = 7

@description('The public address when it is not the function app\'s own, such as https://hub.example.com.')
param publicUrl string = ''

@description('Who is told of alerts and budgets.')
param alertEmail string

@description('What a month may cost, in the subscription\'s currency. Told at 80 %, at 100 %, and when 100 % is forecast.')
@minValue(1)
param monthlyBudget int

@description('First day of the budget. Azure takes no day before the current month when the budget is made.')
param budgetStart string = utcNow('yyyy-MM-01')

@description('Object id of the one who puts the secrets into the vault: a person, or the identity of the workflow. Empty: nobody is given that right.')
param secretsOfficerId string = ''

var token = uniqueString(subscription().subscriptionId, environmentName, location)
var tags = { 'azd-env-name': environmentName, application: 'valuechainhub' }

// Which of the connectors are written to: those of vendors that take anything (hub.json, compared with the code). A connector's vendor is its name, unless a setting says otherwise.
var hub = loadJsonContent('hub.json')
var written = filter(items(connectors), connector => contains(hub.destinations, toLower(connector.value.settings.?Vendor ?? connector.key)))
var destinations = writeBack ? map(written, connector => toLower(connector.key)) : []

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-valuechainhub-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: 'id-vch-${token}', location: location, tags: tags }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: 'vnet-vch-${token}'
    location: location
    tags: tags
    targets: {
      cosmos: { id: cosmos.outputs.id, group: 'Sql', zone: 'privatelink.documents.azure.com' }
      servicebus: { id: servicebus.outputs.id, group: 'namespace', zone: 'privatelink.servicebus.windows.net' }
      vault: { id: keyvault.outputs.id, group: 'vault', zone: 'privatelink.vaultcore.azure.net' }
      blob: { id: storage.outputs.id, group: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
    }
  }
}

module monitor 'modules/monitor.bicep' = {
  scope: group
  params: {
    name: 'vch-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    retentionDays: scale.logDays
    dailyLogGigabytes: scale.dailyLogGigabytes
  }
}

module keyvault 'modules/keyvault.bicep' = {
  scope: group
  params: {
    name: 'kv-vch-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    secretsOfficerId: secretsOfficerId
    isPrivate: privateNetwork
    workspaceId: monitor.outputs.workspaceId
  }
}

module cosmos 'modules/cosmos.bicep' = {
  scope: group
  params: {
    name: 'cosmos-vch-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    sharedMaxThroughput: scale.sharedMaxThroughput
    ownMaxThroughput: scale.ownMaxThroughput
    zoneRedundant: scale.zoneRedundant
    backupDays: backupDays
    isPrivate: privateNetwork
    workspaceId: monitor.outputs.workspaceId
  }
}

module servicebus 'modules/servicebus.bicep' = {
  scope: group
  params: {
    name: 'sb-vch-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    destinations: destinations
    isPrivate: privateNetwork
    workspaceId: monitor.outputs.workspaceId
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'stvch${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    zoneRedundant: scale.zoneRedundant
    isPrivate: privateNetwork
  }
}

module functions 'modules/functions.bicep' = {
  scope: group
  params: {
    name: 'func-vch-${token}'
    location: location
    tags: union(tags, { 'azd-service-name': 'hub' })
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packagesUrl: storage.outputs.packagesUrl
    cosmosEndpoint: cosmos.outputs.endpoint
    cosmosDatabase: cosmos.outputs.database
    serviceBusHost: servicebus.outputs.host
    vaultUrl: keyvault.outputs.url
    insightsConnectionString: monitor.outputs.insightsConnectionString
    connectors: connectors
    writeBack: writeBack
    destinations: destinations
    publicUrl: publicUrl
    instanceMemory: scale.instanceMemory
    maximumInstances: scale.maximumInstances
    zoneRedundant: scale.zoneRedundant
    subnetId: network.?outputs.functionsSubnetId ?? ''
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    name: 'vch-${token}'
    location: location
    tags: tags
    workspaceId: monitor.outputs.workspaceId
    serviceBusId: servicebus.outputs.id
    cosmosId: cosmos.outputs.id
    alertEmail: alertEmail
    monthlyBudget: monthlyBudget
    budgetStart: budgetStart
  }
}

// azd keeps outputs in upper case as its environment; the workflow and the scripts read the same ones.
output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_NAME string = functions.outputs.name
output HUB_URL string = functions.outputs.url
output KEY_VAULT_NAME string = keyvault.outputs.name
output SECRET_NAMES string = join(functions.outputs.secretNames, ' ')
