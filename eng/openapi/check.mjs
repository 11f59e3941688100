// Looks at the document of the calls as those do who work from it: a linter has nothing to say, and a client that is generated from it compiles.
// The service has to be built: the document is what it serves.
// Run from the root of the repository: node eng/openapi/check.mjs
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const SERVICE = 'src/LocalHost/bin/Debug/net10.0/Headgate.LocalHost.dll';
const HERE = 'eng/openapi';
const READY = 'listening on ';

function run(program, args, cwd) {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(`${program} ${args.join(' ')} failed:\n${done.stdout}\n${done.stderr}`);
  return done.stdout + done.stderr;
}

async function document(work) {
  const service = spawn('dotnet', [SERVICE, '--port', '0', '--data', join(work, 'data')], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    for await (const line of createInterface({ input: service.stdout })) {
      if (!line.startsWith(READY))
        continue;
      const answer = await fetch(`${line.slice(READY.length)}/openapi.json`);
      if (!answer.ok)
        throw new Error(`/openapi.json was answered ${answer.status}`);
      return await answer.text();
    }
    throw new Error('the service ended before it was ready');
  } finally {
    service.kill('SIGTERM');
    await new Promise(ended => service.exitCode === null ? service.once('exit', ended) : ended());
  }
}

function lint(work, file) {
  const tool = join(work, 'redocly');
  mkdirSync(tool);
  for (const name of ['package.json', 'package-lock.json', 'redocly.yaml'])
    copyFileSync(join(HERE, name), join(tool, name));
  run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], tool);
  run('node', ['node_modules/@redocly/cli/bin/cli.js', 'lint', file, '--config', 'redocly.yaml', '--format', 'stylish'], tool);
  console.log('the linter has nothing to say');
}

function compile(work, file) {
  const client = join(work, 'client');
  mkdirSync(client);
  copyFileSync(join(HERE, 'client.csproj.txt'), join(client, 'client.csproj'));
  run('dotnet', ['tool', 'restore']);
  run('dotnet', ['kiota', 'generate', '--language', 'CSharp', '--openapi', file, '--class-name', 'GeneratedClient', '--namespace-name', 'Headgate.Generated', '--output', join(client, 'generated')]);
  run('dotnet', ['build', client, '--nologo', '-v', 'q']);
  const files = readdirSync(join(client, 'generated'), { recursive: true }).filter(name => name.endsWith('.cs')).length;
  console.log(`a client of ${files} files compiles`);
}

const work = mkdtempSync(join(tmpdir(), 'headgate-openapi-'));
try {
  const file = resolve(work, 'openapi.json');
  writeFileSync(file, await document(work));
  lint(work, file);
  compile(work, file);
} catch (problem) {
  console.error(problem.message);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
