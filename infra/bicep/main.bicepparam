// For azd: everything that differs between environments comes from the environment, see docs/azure.md.

using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param operatorKey = readEnvironmentVariable('HEADGATE_ADMIN_KEY', '')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = any(readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User'))
param privateNetworking = bool(readEnvironmentVariable('HEADGATE_PRIVATE', 'false'))
param alertEmails = filter(split(readEnvironmentVariable('HEADGATE_ALERT_EMAILS', ''), ','), address => !empty(address))
