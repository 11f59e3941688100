// A private environment with instances kept ready, more copies of the data and a budget. Zones: where the region has them.

using 'main.bicep'

param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param operatorKey = readEnvironmentVariable('HEADGATE_ADMIN_KEY', '')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = any(readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User'))
param privateNetworking = true
param operatorAddresses = filter(map(split(readEnvironmentVariable('HEADGATE_OPERATOR_ADDRESSES', ''), ','), address => trim(address)), address => !empty(address))
param storageRedundancy = 'Standard_ZRS'
param zoneRedundant = bool(readEnvironmentVariable('HEADGATE_ZONE_REDUNDANT', 'false'))
param maximumInstanceCount = 100
param alwaysReady = [
  { name: 'http', instanceCount: 1 }
  { name: 'durable', instanceCount: 1 }
]
param logRetentionDays = 90
param logDailyQuotaGb = 10
param vaultPurgeProtection = true
param serviceIsLive = bool(readEnvironmentVariable('HEADGATE_LIVE', 'true'))
param alertEmails = filter(map(split(readEnvironmentVariable('HEADGATE_ALERT_EMAILS', ''), ','), address => trim(address)), address => !empty(address))
param monthlyBudget = 1500
param budgetStartDate = readEnvironmentVariable('HEADGATE_BUDGET_START', '')
param budgetExists = bool(readEnvironmentVariable('HEADGATE_BUDGET_EXISTS', 'false'))
param tokenIssuer = readEnvironmentVariable('HEADGATE_TOKEN_ISSUER', '')
param tokenAudience = readEnvironmentVariable('HEADGATE_TOKEN_AUDIENCE', '')
