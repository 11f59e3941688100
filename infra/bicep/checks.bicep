// What is wrong with parameters, in sentences. main.bicep refuses to deploy with any of them, before anything is made.

import { alwaysReadyGroup } from 'types.bicep'

@description('Small letters and digits.')
var plain = 'abcdefghijklmnopqrstuvwxyz0123456789'

@description('Capital letters.')
var capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

@description('The characters of a text, in order.')
func characters(text string) string[] => map(range(0, length(text)), i => substring(text, i, 1))

@description('Whether a text has no other characters than the allowed ones.')
func isOf(text string, allowed string) bool => empty(filter(characters(text), each => !contains(allowed, each)))

@description('A sentence, unless it is fine.')
func unless(isFine bool, sentence string) string[] => isFine ? [] : [sentence]

@export()
@description('Of the name of the environment: what every name made from it allows.')
func environmentNameProblems(name string) string[] =>
  unless(
    isOf(name, '${plain}-') && !startsWith(name, '-') && !endsWith(name, '-'),
    'environmentName \'${name}\' must be of a-z, 0-9 and \'-\', and begin and end with a letter or digit: resources are named for it.'
  )

@export()
@description('Of the region. Whether there is one of this name, and whether it has Flex Consumption, Azure alone knows.')
func locationProblems(location string) string[] =>
  unless(
    isOf(location, plain),
    'location \'${location}\' must be the name of a region, of a-z and 0-9, as westeurope; \'az account list-locations\' lists them.'
  )

@export()
@description('Of those that are told of alerts.')
func emailProblems(emails string[], alertsEnabled bool) string[] =>
  concat(
    unless(
      !alertsEnabled || !empty(emails),
      'alertEmails is empty, so alerts would reach nobody: set HEADGATE_ALERT_EMAILS to addresses parted by commas, or alertsEnabled to false.'
    ),
    map(
      filter(emails, each => length(split(each, '@')) != 2 || startsWith(each, '@') || endsWith(each, '@') || contains(each, ' ')),
      each => 'alertEmails holds \'${each}\', which is no address.'
    )
  )

@export()
@description('Of the key of the operator, by the rules of the app. No sentence repeats any of it.')
func operatorKeyProblems(key string) string[] =>
  empty(key)
    ? []
    : split(key, '_')[0] != 'hg' || length(split(key, '_')) < 3 || !isOf(key, '${plain}${capitals}-_') || empty(split(key, '_')[1]) || length(split(key, '_')[1]) > 64 || length(operatorSecret(key)) > 128
        ? ['operatorKey must have the form hg_<id>_<secret>, the id of letters, digits and dashes, the secret of these and underscores.']
        : concat(
            unless(length(operatorSecret(key)) >= 32, 'operatorKey must have a secret of at least 32 characters.'),
            unless(
              length(union(characters(operatorSecret(key)), [])) >= 16,
              'operatorKey must have a secret with at least 16 different characters.'
            )
          )

@description('What stands after the id.')
func operatorSecret(key string) string => join(skip(split(key, '_'), 2), '_')

@export()
@description('Of the budget, where there is to be one. A start in the past is taken of a budget that is there, and of no other.')
func budgetProblems(amount int, start string, exists bool, today string) string[] =>
  amount == 0
    ? []
    : length(start) != 10 || !endsWith(start, '-01') || !isOf(start, '0123456789-')
        ? ['budgetStartDate \'${start}\' must be the first day of a month, as 2030-01-01: monthlyBudget is set. prod.bicepparam reads it from HEADGATE_BUDGET_START.']
        : unless(
            exists || start >= '${substring(today, 0, 8)}01',
            'budgetStartDate \'${start}\' lies before this month, which Azure takes only of a budget that is there: then set budgetExists (HEADGATE_BUDGET_EXISTS=true).'
          )

@export()
@description('Of what the app itself would refuse at its start.')
func leaseProblems(leaseSeconds int, heartbeatSeconds int) string[] =>
  unless(
    heartbeatSeconds * 2 <= leaseSeconds,
    'heartbeatSeconds (${heartbeatSeconds}) must be at most half of leaseSeconds (${leaseSeconds}).'
  )

@export()
@description('Likewise of the issuer of tokens.')
func tokenProblems(issuer string, audience string) string[] =>
  empty(issuer)
    ? []
    : concat(
        unless(startsWith(issuer, 'https://'), 'tokenIssuer \'${issuer}\' must be an address with https.'),
        unless(!empty(audience), 'tokenAudience is empty, and tokenIssuer is set: every token of the issuer would do.')
      )

@export()
@description('Of the groups that have instances always ready.')
func alwaysReadyProblems(groups alwaysReadyGroup[]) string[] =>
  concat(
    map(
      filter(groups, each => !contains(['http', 'durable'], each.name) && !startsWith(each.name, 'function:')),
      each => 'alwaysReady names \'${each.name}\', which is no scale group: http, durable or function:<name>.'
    ),
    unless(
      length(union(map(groups, each => each.name), [])) == length(groups),
      'alwaysReady names a scale group twice.'
    )
  )

@export()
@description('Of the addresses from which operators reach the vault of a private environment.')
func operatorAddressProblems(addresses string[], isPrivate bool) string[] =>
  concat(
    unless(
      isPrivate || empty(addresses),
      'operatorAddresses is for private environments: without privateNetworking the vault is reached from anywhere.'
    ),
    map(
      filter(addresses, each => !isOf(each, '0123456789./') || length(split(each, '.')) != 4),
      each => 'operatorAddresses holds \'${each}\', which is no IPv4 address or range, as 203.0.113.7 or 203.0.113.0/24.'
    )
  )
