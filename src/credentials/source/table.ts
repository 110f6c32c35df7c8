/** @module The sources of tokens by kind. A new one is a file and a line here. */
import type { TokenSource } from '../../profile/settings.ts';
import { clientSource } from './client-credentials.ts';
import { commandSource } from './command.ts';
import { envSource } from './env.ts';
import { fileSource } from './file.ts';
import { mcpJsonSource } from './mcp-json.ts';
import type { OpenSource, SourceContext } from './source.ts';

export function openSource(source: TokenSource, context: SourceContext): OpenSource {
  switch (source.kind) {
    case 'env':
      return envSource(source, context);
    case 'file':
      return fileSource(source, context);
    case 'command':
      return commandSource(source, context);
    case 'client-credentials':
      return clientSource(source, context);
    case 'mcp-json':
      return mcpJsonSource(source, context);
  }
}
