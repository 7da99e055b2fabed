import { serve } from '../kit/serve.ts';
import { inventory } from './inventory.ts';

await serve(inventory);
