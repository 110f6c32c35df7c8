/** @module Entry of the process of an instance of the official SDK 1.x, era `sessions`. */
import { serveParent } from '../../process/serve.ts';
import { sessionsInstance } from './sessions-instance.ts';

serveParent(sessionsInstance);
