import type { LoadRequest } from './load.ts';

type Body = Readonly<Record<string, unknown>>;

/** A request of 2026-07-28, which says in each who it is from. */
export function modernRequest(url: string, key: string, method: string, params: Body): LoadRequest {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'aisle-bench', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return {
    url,
    headers: {
      Accept: 'application/json, text/event-stream',
      Authorization: `Bearer ${key}`,
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(typeof params.name === 'string' && { 'Mcp-Name': params.name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
  };
}

/** A request as the peers take it, without a session and without anybody's identity. */
export function plainRequest(url: string, method: string, params: Body): LoadRequest {
  return {
    url,
    headers: { Accept: 'application/json, text/event-stream', 'MCP-Protocol-Version': '2025-06-18' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  };
}
