import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PORTS, SERVICES, portFor, urlFor } from './addresses.ts';

describe('portFor', () => {
  it('takes the own variable before the base and the base before the default', () => {
    assert.equal(portFor('checkout', {}), 4601);
    assert.equal(portFor('checkout', { LAB_PORT_BASE: '5600' }), 5601);
    assert.equal(portFor('query', { LAB_PORT_BASE: '5600', COLLECTOR_QUERY_PORT: '9000' }), 9000);
    assert.equal(portFor('checkout', { LAB_PORT_BASE: '', CHECKOUT_PORT: '' }), 4601);
  });

  it('says which variable holds no port', () => {
    for (const text of ['x', '-1', '65536', '1.5']) {
      assert.throws(() => portFor('bank', { BANK_PORT: text }), /BANK_PORT should be a port from 0 to 65535: was/);
    }
    for (const base of ['65446', '0', 'x']) {
      assert.throws(
        () => portFor('bank', { LAB_PORT_BASE: base }),
        /LAB_PORT_BASE should be a port from 1 to 65445: was/,
      );
    }
    assert.equal(portFor('control', { LAB_PORT_BASE: '65445' }), 65_535);
  });

  it('gives every process a port of its own, also with a base', () => {
    const rows = Object.values(PORTS);
    assert.equal(new Set(rows.map((row) => row.port)).size, rows.length);
    assert.equal(new Set(rows.map((row) => row.offset)).size, rows.length);
  });
});

describe('urlFor', () => {
  it('takes the variable without its trailing slashes, else loopback', () => {
    assert.equal(urlFor('bank', { BANK_URL: 'http://bank:80//' }), 'http://bank:80');
    assert.equal(urlFor('bank', {}), 'http://127.0.0.1:4606');
    assert.equal(SERVICES.length, 7);
  });

  it('says which variable holds no address', () => {
    for (const text of ['bank', 'ftp://bank', 'http://', 'http:///x', 'http://a b', 'http://a?b'])
      assert.throws(() => urlFor('bank', { BANK_URL: text }), /BANK_URL should be an address such as http:.*: was/);
    assert.equal(
      urlFor('bank', { BANK_URL: 'https://u:p@bank.example:80/below/' }),
      'https://u:p@bank.example:80/below',
    );
  });
});
