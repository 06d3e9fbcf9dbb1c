// The record: an account without keys, a database, and every container there is. Data-plane roles cannot make containers, so none is made at run time.
param name string
param location string
param tags object
param principalId string
param sharedMaxThroughput int
param ownMaxThroughput { *: int }
param zoneRedundant bool
param backupDays int
param isPrivate bool
param workspaceId string

var hub = loadJsonContent('../hub.json')

// Reads are by id, or by a range of ids inside one partition: ids are indexed without being named, and nothing else is but the partition.
var indexingPolicy = {
  indexingMode: 'consistent'
  automatic: true
  includedPaths: map(hub.indexedPaths, path => { path: path })
  excludedPaths: [{ path: '/*' }]
}

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: [{ locationName: location, failoverPriority: 0, isZoneRedundant: zoneRedundant }]
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    enablePerRegionPerPartitionAutoscale: true
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: backupDays == 30 ? 'Continuous30Days' : 'Continuous7Days' } }
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-04-15' = {
  parent: account
  name: hub.database
  properties: {
    resource: { id: hub.database }
    options: { autoscaleSettings: { maxThroughput: sharedMaxThroughput } }
  }
}

// One after the other: the account answers 429 to many changes of its containers at once.
@batchSize(1)
resource containers 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = [
  for container in hub.containers: {
    parent: database
    name: container
    properties: {
      resource: {
        id: container
        partitionKey: { paths: [hub.partitionKey], kind: 'Hash', version: 2 }
        defaultTtl: hub.defaultTtl
        indexingPolicy: indexingPolicy
      }
      options: contains(ownMaxThroughput, container) ? { autoscaleSettings: { maxThroughput: ownMaxThroughput[container] } } : {}
    }
  }
]

// The triggers and the processor query their leases, so these keep the default index.
resource leases 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = {
  parent: database
  name: hub.leases.name
  properties: {
    resource: {
      id: hub.leases.name
      partitionKey: { paths: [hub.leases.partitionKey], kind: 'Hash', version: 2 }
      // A processor that dies while it makes its leases leaves a lock behind, which ends by its own time to live.
      defaultTtl: hub.defaultTtl
    }
  }
  dependsOn: [containers]
}

// "Cosmos DB Built-in Data Contributor": items, queries and feeds of this database, and the account's metadata. Nothing can be created or dropped with it.
resource contributor 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = {
  parent: account
  name: guid(account.id, principalId, 'data contributor')
  properties: {
    principalId: principalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'
    scope: '${account.id}/dbs/${database.name}'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'control-plane'
  scope: account
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'ControlPlaneRequests', enabled: true }]
  }
}

output id string = account.id
output endpoint string = account.properties.documentEndpoint
output database string = database.name
