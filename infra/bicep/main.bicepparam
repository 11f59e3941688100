// For azd: everything that differs between environments comes from the environment, see docs/azure.md.

using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param operatorKey = readEnvironmentVariable('HEADGATE_ADMIN_KEY', '')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = any(readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User'))
param privateNetworking = bool(readEnvironmentVariable('HEADGATE_PRIVATE', 'false'))
param operatorAddresses = filter(map(split(readEnvironmentVariable('HEADGATE_OPERATOR_ADDRESSES', ''), ','), address => trim(address)), address => !empty(address))
param durableBackend = any(readEnvironmentVariable('HEADGATE_DURABLE_BACKEND', 'AzureStorage'))
param zoneRedundant = bool(readEnvironmentVariable('HEADGATE_ZONE_REDUNDANT', 'false'))
param instanceMemoryMB = any(int(readEnvironmentVariable('HEADGATE_INSTANCE_MEMORY', '2048')))
param serviceIsLive = bool(readEnvironmentVariable('HEADGATE_LIVE', 'true'))
param alertEmails = filter(map(split(readEnvironmentVariable('HEADGATE_ALERT_EMAILS', ''), ','), address => trim(address)), address => !empty(address))
param tokenIssuer = readEnvironmentVariable('HEADGATE_TOKEN_ISSUER', '')
param tokenAudience = readEnvironmentVariable('HEADGATE_TOKEN_AUDIENCE', '')
