// Publishes the function app as a deployment does and looks at what comes out: everything the Functions host asks for, and every function of the sources.
// Publishing without a word about the Service Bus extension must take the real package: where the feed lacks it, that and nothing else is what fails.
// A folder that Azure would refuse must fail too, and each durable backend must get the host.json that is its own.
// Run from the root of the repository: node eng/check-published-app.mjs
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const PACKAGE = 'Microsoft.Azure.Functions.Worker.Extensions.ServiceBus';
const problems = [];

function publish(folder, ...more) {
  const run = spawnSync('dotnet', ['publish', 'src/Functions', '-c', 'Release', '--nologo', '-o', folder, ...more], { encoding: 'utf8' });
  return { ok: run.status === 0, output: run.stdout + run.stderr };
}

// As a publish with the variable of the deployment evaluates the project.
function hostFile(backend) {
  const run = spawnSync('dotnet', ['msbuild', 'src/Functions/Functions.csproj', '-nologo', '-getItem:None', '-p:_IsPublishing=true'], { encoding: 'utf8', env: { ...process.env, HEADGATE_DURABLE_BACKEND: backend } });
  const items = run.status === 0 ? JSON.parse(run.stdout).Items.None.filter(item => item.Link === 'host.json') : [];
  return items.length === 1 ? basename(items[0].Identity) : `none of ${items.length}`;
}

function functionsOfSources(folder) {
  return readdirSync(folder, { recursive: true })
    .filter(name => name.endsWith('.cs') && !/^(obj|bin)[/\\]/.test(name))
    .reduce((sum, name) => sum + (readFileSync(join(folder, name), 'utf8').match(/\[Function\(/g)?.length ?? 0), 0);
}

function look(folder) {
  for (const name of ['host.json', 'worker.config.json', 'functions.metadata', 'extensions.json', '.azurefunctions', 'Headgate.Functions.dll'])
    if (!existsSync(join(folder, name)))
      problems.push(`the published folder has no ${name}`);
  if (problems.length > 0)
    return;
  const functions = JSON.parse(readFileSync(join(folder, 'functions.metadata'), 'utf8'));
  const expected = functionsOfSources('src/Functions');
  if (functions.length !== expected)
    problems.push(`functions.metadata lists ${functions.length} functions, the sources have ${expected}`);
  for (const { name, bindings } of functions)
    if (!bindings?.some(binding => binding.type.endsWith('Trigger')))
      problems.push(`${name} has no trigger in functions.metadata`);
  console.log(`${functions.length} functions are in the published folder`);
}

const work = mkdtempSync(join(tmpdir(), 'headgate-published-'));
try {
  const declared = publish(join(work, 'declared'), '-p:ServiceBusExtension=declared');
  if (declared.ok)
    look(join(work, 'declared'));
  else
    problems.push(`publishing with the declared extension failed:\n${declared.output}`);

  const elsewhere = publish(join(work, 'elsewhere'), '-p:ServiceBusExtension=declared', '-p:_FunctionsExtensionsDirectory=elsewhere');
  if (elsewhere.ok || !elsewhere.output.includes('HEADGATE004'))
    problems.push(`a published folder without .azurefunctions was not refused with HEADGATE004:\n${elsewhere.output}`);

  for (const [backend, file] of [['AzureStorage', 'host.json'], ['DurableTaskScheduler', 'host.scheduler.json']])
    if (hostFile(backend) !== file)
      problems.push(`the host.json published for ${backend} is ${hostFile(backend)}, not ${file}`);

  const real = publish(join(work, 'package'));
  const errors = [...new Set(real.output.split('\n').filter(line => /\berror\b/.test(line)).map(line => line.replace(/ \[.*/, '').trim()))];
  if (real.ok)
    console.log('published with the real Service Bus extension too');
  else if (errors.length === 1 && errors[0].includes('NU1101') && errors[0].includes(PACKAGE))
    console.log(`this feed lacks ${PACKAGE}, without which nothing is published unless asked for by name`);
  else
    problems.push(`publishing failed by more than the one package:\n${real.output}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

for (const problem of problems)
  console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
