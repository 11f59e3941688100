// The Kusto language service and the tables of Application Insights and of the workspace that we use.
// Columns: https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete, https://learn.microsoft.com/azure/azure-monitor/logs/monitor-workspace
'use strict';
const folder = process.argv[2];
require(`${folder}/bridge.js`);
require(`${folder}/Kusto.Language.Bridge.js`);

const common = 'timestamp: datetime, itemType: string, itemCount: int, customDimensions: dynamic, operation_Name: string, operation_Id: string, '
  + 'operation_ParentId: string, cloud_RoleName: string, cloud_RoleInstance: string, appId: string, _ResourceId: string';
const columns = {
  customMetrics: 'name: string, value: real, valueCount: int, valueSum: real, valueMin: real, valueMax: real, valueStdDev: real',
  requests: 'id: string, source: string, name: string, url: string, success: string, resultCode: string, duration: real, performanceBucket: string',
  dependencies: 'id: string, target: string, type: string, name: string, data: string, success: string, resultCode: string, duration: real, performanceBucket: string',
  availabilityResults: 'id: string, name: string, location: string, success: string, message: string, duration: real, performanceBucket: string, size: real',
  traces: 'message: string, severityLevel: int',
  exceptions: 'type: string, outerMessage: string, problemId: string, severityLevel: int',
};
const { GlobalState, KustoCode } = Kusto.Language;
const { DatabaseSymbol, TableSymbol } = Kusto.Language.Symbols;
const ofWorkspace = '(TimeGenerated: datetime, Category: string, Operation: string, Level: string, Detail: string, _ResourceId: string)';
const tables = [
  ...Object.entries(columns).map(([name, own]) => new TableSymbol.$ctor7(name, `(${common}, ${own})`)),
  new TableSymbol.$ctor7('_LogOperation', ofWorkspace),
];
const globals = GlobalState.Default.WithDatabase(new DatabaseSymbol.ctor('insights', tables));

exports.items = list => Array.from({ length: list.Count }, (_, index) => list.getItem(index));
exports.analyze = query => KustoCode.ParseAndAnalyze(query, globals);

// Reads [{name, query}] from standard input and writes what `answer` makes of each, with its name.
exports.answer = answer => {
  const queries = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  process.stdout.write(JSON.stringify(queries.map(({ name, query }) => ({ name, ...answer(query) }))));
};
