// What the workflow deploys to production. The containers that every delivery writes to have throughput of their own.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'prod')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param alertEmail = readEnvironmentVariable('HUB_ALERT_EMAIL')
param secretsOfficerId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param publicUrl = readEnvironmentVariable('HUB_PUBLIC_URL', '')
param privateNetwork = false
param backupDays = 30
param monthlyBudget = 1000

param connectors = {
  shopify: { settings: {}, secrets: ['WebhookSecret'] }
}

param scale = {
  sharedMaxThroughput: 4000
  ownMaxThroughput: { inbox: 10000, profiles: 20000 }
  instanceMemory: 2048
  maximumInstances: 100
  zoneRedundant: true
  logDays: 90
  dailyLogGigabytes: 10
}
