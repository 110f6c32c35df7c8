/** @module Resources of the conformance suite: a text, an image, and a template. */
import type { Resource, ResourceTemplate } from '../resources.ts';
import { RED_PIXEL } from './samples.ts';

/** The resources. Source: descriptions of the scenarios `resources-read-*`. */
export const CONFORMANCE_RESOURCES: readonly Resource[] = [
  fixed('test://static-text', 'static-text', {
    mimeType: 'text/plain',
    text: 'This is the content of the static text resource.',
  }),
  fixed('test://static-binary', 'static-binary', { mimeType: 'image/png', blob: RED_PIXEL }),
];

/** The template. Source: description of the scenario `resources-templates-read`. */
export const CONFORMANCE_TEMPLATES: readonly ResourceTemplate[] = [
  {
    uriTemplate: 'test://template/{id}/data',
    name: 'template-data',
    read(uri) {
      const [, id] = /^test:\/\/template\/([^/?#]+)\/data$/.exec(uri) ?? [];
      if (id === undefined) return undefined;
      const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
      return { mimeType: 'application/json', text };
    },
  },
];

function fixed(uri: string, name: string, content: NonNullable<Resource['content']>): Resource {
  const bytes = content.text?.length ?? Buffer.byteLength(content.blob ?? '', 'base64');
  return { uri, name, bytes, edition: 0, content };
}
