// To try the hub in Azure: small, public, cheap. What azd up deploys.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param alertEmail = readEnvironmentVariable('HUB_ALERT_EMAIL')
param secretsOfficerId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param monthlyBudget = 100

param connectors = {
  shopify: { settings: {}, secrets: ['WebhookSecret'] }
}

param scale = {
  sharedMaxThroughput: 1000
  ownMaxThroughput: {}
  instanceMemory: 512
  maximumInstances: 40
  zoneRedundant: false
  logDays: 30
  dailyLogGigabytes: 1
}
