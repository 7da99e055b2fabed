import { serve } from '../kit/serve.ts';
import { gateway } from './gateway.ts';

await serve(gateway);
