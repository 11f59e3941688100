// Answers each query with the tree that the language service makes of it, without its punctuation: {name, tree}. A node has its kind, its role in
// its parent, its text; its name or literal value and the type of its result where it has one; the columns of its result where that is a table.
'use strict';
const { analyze, answer, items } = require('./service.js');
const { SyntaxKind } = Kusto.Language.Syntax;
const { TableSymbol } = Kusto.Language.Symbols;

const inner = element => (element && element.Kind === SyntaxKind.SeparatedElement ? element.Element : element);
const children = element => Array.from({ length: element.ChildCount }, (_, index) => inner(element.GetChild(index))).filter(child => child && !child.IsToken);

const node = (element, role) => {
  const type = element.ResultType;
  const isLiteral = element.IsLiteral === true;
  return {
    kind: System.Enum.toString(SyntaxKind, element.Kind),
    role,
    text: element.toString().trim(),
    name: element.SimpleName || null,
    value: isLiteral ? String(element.LiteralValue) : null,
    type: type && !Bridge.is(type, TableSymbol) ? type.Name : null,
    columns: type && Bridge.is(type, TableSymbol) ? items(type.Columns).map(column => column.Name) : null,
    children: isLiteral || element.SimpleName ? [] : children(element).map(child => node(child, child.NameInParent || '')),
  };
};

answer(query => ({ tree: node(analyze(query).Syntax, 'Root') }));
