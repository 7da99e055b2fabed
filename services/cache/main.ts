import { serve } from '../kit/serve.ts';
import { cache } from './cache.ts';

await serve(cache);
