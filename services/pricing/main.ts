import { serve } from '../kit/serve.ts';
import { pricing } from './pricing.ts';

await serve(pricing);
