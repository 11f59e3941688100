// A bare web server before a peer's client: what an application has to add to take submissions over HTTP.
import { createServer } from 'node:http';

const accepted = '{"accepted":true}';

/** @returns what answers a submission with a status */
async function edge(client, tenants) {
  if (!tenants) return async (_, { kind, tag }) => (await client.submit(kind, tag), 202);
  const gate = await client.gate();
  for (const { id, key, cap } of tenants) await gate.addTenant(id, key, cap);
  return ({ url, headers }, { kind, tag }) => gate.admit(url.split('/')[2], headers.authorization?.slice('Bearer '.length) ?? '', kind, tag);
}

process.once('disconnect', () => process.exit());
process.once('message', async ({ module, server, tenants }) => {
  const submit = await edge(await (await import(`../systems/${module}.mjs`)).connect(server), tenants);
  const web = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => (text += chunk));
    request.on('end', async () => {
      try {
        const status = await submit(request, JSON.parse(text));
        const body = status === 202 ? accepted : '{"accepted":false}';
        response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
      } catch (error) {
        const body = String(error);
        response.writeHead(500, { 'Content-Length': Buffer.byteLength(body) }).end(body);
      }
    });
  });
  web.listen(0, '127.0.0.1', () => process.send({ port: web.address().port }));
});
