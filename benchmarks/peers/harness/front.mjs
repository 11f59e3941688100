// A bare web server before a peer's client: what an application has to add to take submissions over HTTP.
import { createServer } from 'node:http';

process.once('disconnect', () => process.exit());
process.once('message', async ({ module, server }) => {
  const client = await (await import(`../systems/${module}.mjs`)).connect(server);
  const web = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => (text += chunk));
    request.on('end', async () => {
      try {
        const { kind, tag } = JSON.parse(text);
        await client.submit(kind, tag);
        const body = '{"accepted":true}';
        response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
      } catch (error) {
        const body = String(error);
        response.writeHead(500, { 'Content-Length': Buffer.byteLength(body) }).end(body);
      }
    });
  });
  web.listen(0, '127.0.0.1', () => process.send({ port: web.address().port }));
});
