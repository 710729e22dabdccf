/** For `node --import`: lets the tests of your own nodes import `blok/node`. */
import { resolveBlok } from './resolve.ts';

resolveBlok();
