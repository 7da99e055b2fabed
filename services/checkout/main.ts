import { serve } from '../kit/serve.ts';
import { checkout } from './checkout.ts';

await serve(checkout);
