/** @module Entry of the process of an instance of the lean server, era `sessions`. */
import { serveParent } from '../../process/serve.ts';
import { sessionsInstance } from './sessions-instance.ts';

serveParent(sessionsInstance);
