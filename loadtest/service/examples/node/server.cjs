// A service of node:http alone: GET / answers with a line of JSON.
//
// PORT          where it listens
// INJECTED_US   CPU that each request burns on purpose: the table must find it
const { createServer } = require('node:http');

const injectedUs = Number(process.env.INJECTED_US ?? '0');
// A step of the clock longer than this is time in which the thread did not run.
const STEP_US_MAX = 50;

function burnCpu(amountUs) {
  let [burntUs, lastMs] = [0, performance.now()];
  for (let nowMs = lastMs; burntUs < amountUs; lastMs = nowMs) {
    nowMs = performance.now();
    const stepUs = (nowMs - lastMs) * 1000;
    burntUs += stepUs < STEP_US_MAX ? stepUs : 0;
  }
}

const server = createServer((_request, response) => {
  burnCpu(injectedUs);
  response.setHeader('content-type', 'application/json');
  response.end('{"hello":"world"}\n');
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`listening on ${process.env.PORT}`));
