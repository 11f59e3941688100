// Types that several modules share.

@export()
@description('Tags that every resource carries.')
type tagSet = {
  @description('Value of a tag.')
  *: string
}

@export()
@description('Thresholds that replace those of infra/alert-rules.json in this environment.')
type thresholdSet = {
  @description('Threshold of the rule with this id, in the unit of its signal.')
  *: int
}

@export()
@description('Instances that are always ready for the functions that scale together.')
type alwaysReadyGroup = {
  @description('http, durable, or function:<name> for any other function.')
  @minLength(1)
  @maxLength(80)
  name: string

  @description('How many.')
  @minValue(1)
  @maxValue(1000)
  instanceCount: int
}

@export()
@description('What a rule watches. Which properties are set depends on the source: see infra/alert-rules.schema.json.')
type alertSignal = {
  @description('Where the values come from.')
  source: 'queue' | 'gauge' | 'counter' | 'ratio' | 'requests' | 'availability' | 'workspace'

  @description('Metric of the Service Bus namespace.')
  metric: string?

  @description('Instrument of the app.')
  instrument: string?

  @description('Which of the series of the metric or instrument.')
  labels: signalLabels

  @description('Word by which the operation of the workspace is known.')
  operation: string?

  @description('What is measured of the requests.')
  measure: ('server-error-percent' | 'p95-seconds')?

  @description('Counter that makes 100 % of a ratio.')
  per: string?

  @description('Fewer events than this in a window say nothing.')
  minimumCount: int?
}

@export()
@description('How the app evaluates a rule itself, or why it cannot; see infra/alert-rules.schema.json.')
type alertApp = {
  @description('At or below it the alert is over.')
  clearAt: int?

  @description('What it means that nothing was measured.')
  noData: ('keep' | 'clear' | 'fire')?

  @description('Why only Azure can evaluate it.')
  notMeasured: string?
}

@export()
@description('Labels of a series.')
type signalLabels = {
  @description('Value of a label.')
  *: string
}

@export()
@description('A rule of infra/alert-rules.json.')
type alertRule = {
  @description('Never used again for another rule.')
  id: string

  @description('Subject of the mail.')
  title: string

  @description('What is watched.')
  signal: alertSignal

  @description('How the app evaluates the rule itself, or why it cannot.')
  app: alertApp

  @description('Strict: a value equal to the threshold is fine.')
  operator: '>'

  @description('In the unit of the signal.')
  threshold: int

  @description('How much time one sample covers.')
  windowMinutes: int

  @description('How long every sample must pass the threshold.')
  forMinutes: int

  @description('How bad it is.')
  severity: 'critical' | 'error' | 'warning' | 'info'

  @description('What it means, in a sentence.')
  description: string

  @description('File name of its page in docs/runbooks.')
  runbook: string
}
