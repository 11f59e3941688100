// Answers each query with what is wrong with it: {name, problems: [text]}.
'use strict';
const { analyze, answer, items } = require('./service.js');
answer(query => ({ problems: items(analyze(query).GetDiagnostics()).map(problem => `${problem.Code} ${problem.Message}`) }));
