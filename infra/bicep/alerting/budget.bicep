// Mails before the month becomes expensive. A budget stops nothing.

@description('Name of the budget.')
@minLength(1)
@maxLength(63)
param name string

@description('Amount a month, in the currency of the subscription.')
@minValue(0)
@maxValue(1000000)
param amount int

@description('First day of the month in which the budget begins, as 2030-01-01. Cannot be changed once the budget is there.')
@minLength(10)
@maxLength(10)
param startDate string

@description('Addresses that get a mail.')
@maxLength(10)
param emails string[]

@description('Action group that is told as well.')
@minLength(1)
param actionGroupId string

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      mostIsSpent: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
        contactGroups: [actionGroupId]
      }
      willBeExceeded: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
        contactGroups: [actionGroupId]
      }
    }
  }
}
