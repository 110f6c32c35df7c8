/** @module Entry of the process of an instance of the lean server, era `stateless`. */
import { serveParent } from '../../process/serve.ts';
import { statelessInstance } from './stateless-instance.ts';

serveParent(statelessInstance);
