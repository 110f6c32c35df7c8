/** @module Entry of the process of an instance of the official SDK 2.x, era `stateless`. */
import { serveParent } from '../../process/serve.ts';
import { statelessInstance } from './stateless-instance.ts';

serveParent(statelessInstance);
