import { serve } from '../kit/serve.ts';
import { bank } from './bank.ts';

await serve(bank);
