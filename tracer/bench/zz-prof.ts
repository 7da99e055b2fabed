import { createLabSubject } from '/work/main/tracer/bench/subject/lab-subject.ts';
import { ROOT_CONTEXT, trace, context } from '@opentelemetry/api';
const s = createLabSubject();
context.setGlobalContextManager(s.contextManager);
const t = s.sampledTracer;
const parent = trace.setSpan(ROOT_CONTEXT, t.startSpan('p'));
const O = {
  attributes: {
    'http.request.method': 'GET',
    'http.route': '/products/:sku',
    'http.response.status_code': 200,
    'url.full': 'http://127.0.0.1:4603/products/sku-1',
  },
};
const N = 300000;
for (let r = 0; r < 6; r++) {
  const c = process.cpuUsage();
  for (let i = 0; i < N; i++) {
    t.startSpan('GET', O, parent).end();
    if (i % 512 === 0) await s.flush();
  }
  const d = process.cpuUsage(c);
  console.log((((d.user + d.system) / N) * 1000).toFixed(0), 'ns');
}
