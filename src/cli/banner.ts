import type { Config } from '../config.ts';
import { alignedTable } from './terminal.ts';

interface Identity {
  readonly name: string;
  readonly subject: string;
  readonly displayName: string;
}

/** What a newcomer needs once the server is up: the URL, who one can be, and what to paste into a client. */
export function banner(url: string, identities: readonly Identity[] | undefined, config: Config): string {
  const where = config.DATABASE_URL === undefined ? `embedded database in ${config.DATA_DIR}` : 'PostgreSQL';
  const said =
    identities === undefined ? authenticated(config.PUBLIC_URL ?? url, config) : trusting(url, identities);
  return `
Aisle serves MCP at ${url} (${where})
${said}

Ready. Ctrl-C stops it.`;
}

/** Clients find the place to log in by themselves. */
function authenticated(url: string, { API_KEYS, OIDC_ISSUERS, ENTRA_TENANT_ID }: Config): string {
  const how = [
    ...(ENTRA_TENANT_ID === undefined ? [] : [`a token of Entra ID, tenant ${ENTRA_TENANT_ID}`]),
    ...OIDC_ISSUERS.map((issuer) => `a token of ${issuer}`),
    ...(API_KEYS ? ['an API key'] : []),
  ];
  return `Callers prove who they are: by ${how.join(', or ')}.

VS Code (.vscode/mcp.json):
${indent(JSON.stringify({ servers: { aisle: { type: 'http', url } } }))}
Cursor (~/.cursor/mcp.json):
${indent(JSON.stringify({ mcpServers: { aisle: { url } } }))}`;
}

function trusting(url: string, identities: readonly Identity[]): string {
  const first = identities[0]?.subject ?? '<identity>';
  const rows = identities
    .slice(0, MAX_IDENTITIES)
    .map(({ name, subject, displayName }) => [name, subject, displayName]);
  const more =
    identities.length > MAX_IDENTITIES ? `\n  … and ${identities.length - MAX_IDENTITIES} more` : '';
  const people =
    rows.length === 0
      ? '  nobody yet: run "aisle seed" or "aisle import sales"'
      : indent(alignedTable(['--as', 'x-rls-user-id', 'who'], rows)) + more;
  return `No authentication is configured: it listens on loopback only, and callers say who they are by the header x-rls-user-id.

Identities:
${people}

VS Code (.vscode/mcp.json):
${indent(JSON.stringify({ servers: { aisle: { type: 'http', url, headers: { 'x-rls-user-id': first } } } }))}
Cursor (~/.cursor/mcp.json):
${indent(JSON.stringify({ mcpServers: { aisle: { url, headers: { 'x-rls-user-id': first } } } }))}
Claude Desktop (claude_desktop_config.json):
${indent(JSON.stringify({ mcpServers: { aisle: { command: 'npx', args: ['-y', 'mcp-remote', url, '--header', `x-rls-user-id:${first}`] } } }))}`;
}

const MAX_IDENTITIES = 20;

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
