// A private environment over several zones, with instances kept ready and a budget.

using 'main.bicep'

param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param operatorKey = readEnvironmentVariable('HEADGATE_ADMIN_KEY', '')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = any(readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User'))
param privateNetworking = true
param storageRedundancy = 'Standard_ZRS'
param zoneRedundant = true
param maximumInstanceCount = 100
param alwaysReadyInstances = 2
param logRetentionDays = 90
param logDailyQuotaGb = 10
param vaultPurgeProtection = true
param alertEmails = filter(split(readEnvironmentVariable('HEADGATE_ALERT_EMAILS', ''), ','), address => !empty(address))
param monthlyBudget = 1500
param budgetStartDate = readEnvironmentVariable('HEADGATE_BUDGET_START', '')
