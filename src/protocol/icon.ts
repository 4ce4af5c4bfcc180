/** Shelves on both sides of an aisle, for clients that show servers to people. */
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#2563eb" d="M1 2h4v3H1zm0 4h4v3H1zm0 4h4v3H1zm10-8h4v3h-4zm0 4h4v3h-4zm0 4h4v3h-4zM7 2h2v11H7z"/></svg>';

export const ICON = {
  src: `data:image/svg+xml;base64,${Buffer.from(SVG).toString('base64')}`,
  mimeType: 'image/svg+xml',
  sizes: ['any'],
};
