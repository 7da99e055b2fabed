import { announceReady, controlTokenSetting, defineVerb, listen, setting } from '@tracelab/command';
import type { AnyProgram } from '@tracelab/command';
import { LOOPBACK_HOST, PORTS, portFor } from '@tracelab/protocol';
import { createControl, watchServices } from '../control/create-control.ts';
import { planeOptions } from '../control/plane-options.ts';
import { createPlane } from '../control/plane.ts';

/** The settings of whatever serves the control: this verb and `up`. No flags: the children inherit the variables. */
export const controlSettings = {
  host: setting.text({
    default: LOOPBACK_HOST,
    env: 'LAB_HOST',
    description: 'the address to listen on',
  }),
  controlToken: controlTokenSetting,
};

export const control: AnyProgram = defineVerb({
  name: 'control',
  summary:
    "The lab's control alone, over services that something else runs (compose): GATEWAY_URL … BANK_URL and LOAD_URL say where they are.",
  settings: {
    ...controlSettings,
    load: setting.toggle({
      default: true,
      flag: 'load',
      env: 'LAB_LOAD',
      description: 'there are no shoppers to control',
    }),
  },
  run: async ({ settings, output, shutdown }) => {
    const plane = createPlane(
      planeOptions({
        hasLoad: settings.load,
        token: settings.controlToken,
        report: output.progress,
        supervised: undefined,
      }),
    );
    const server = createControl(plane, { logLevel: 'info' });
    const { variable, what } = PORTS.control;
    const { url } = await listen(server, {
      host: settings.host,
      port: portFor('control', process.env),
      variable,
      what,
    });
    shutdown.onEnd('control', () => server.close());
    shutdown.onEnd('watch over the services', watchServices(plane));
    await plane.refresh();
    server.log.info({ url }, 'the control is ready');
    announceReady({ url });
    await shutdown.untilRequested();
  },
});
