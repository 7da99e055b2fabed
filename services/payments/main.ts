import { serve } from '../kit/serve.ts';
import { payments } from './payments.ts';

await serve(payments);
