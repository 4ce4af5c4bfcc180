import type { Resource, ResourceContent } from '../kernel/resource.ts';
import { PIXEL } from './media.ts';

function fixture(
  uri: string,
  mimeType: string,
  read: (variables: Readonly<Record<string, string>>) => ResourceContent,
): Resource {
  return {
    ...{ name: uri, title: uri, description: 'A fixture of the conformance suite.', uri, mimeType },
    permission: 'read:analytics',
    read: async (variables) => read(variables),
  };
}

const plain = (uri: string, text: string): Resource =>
  fixture(uri, 'text/plain', () => ({ mimeType: 'text/plain', text }));

export const resources: readonly Resource[] = [
  plain('test://static-text', 'This is the content of the static text resource.'),
  plain('test://watched-resource', 'This resource could change.'),
  fixture('test://static-binary', 'image/png', () => ({
    mimeType: 'image/png',
    blob: PIXEL.type === 'image' ? PIXEL.data : '',
  })),
  fixture('test://template/{id}/data', 'application/json', ({ id }) => ({
    mimeType: 'application/json',
    text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  })),
];
