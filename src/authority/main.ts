/** @module Entry of the authorization server's process. */
import { serveParent } from '../process/serve.ts';
import { serveAuthority } from './server.ts';

serveParent(serveAuthority);
