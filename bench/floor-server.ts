/** `node floor-server.ts <port> <file>`: node:http alone. Parses each request's JSON and answers with the file. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, file] = process.argv.slice(2);
const answer = readFileSync(file ?? '', 'utf8');

createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    JSON.parse(text);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer);
  });
}).listen(Number(port), '127.0.0.1');
