// Print, as JSON, parameters for n8n's Salesforce nodes: every resource, operation and option.
//
//     node tests/e2e/oracle_cases.cjs FOLDER
//
// FOLDER contains the node_modules of an installed n8n. The cases come from the descriptions that
// n8n's editor uses, and from nothing that sfcred knows.
'use strict';

const path = require('path');
const home = path.resolve(process.argv[2], 'node_modules/n8n-nodes-base/dist/nodes/Salesforce');
const { Salesforce } = require(path.join(home, 'Salesforce.node.js'));
const { SalesforceTrigger } = require(path.join(home, 'SalesforceTrigger.node.js'));

const { properties } = new Salesforce().description;
const GIVEN = {
  externalId: 'Ext__c',
  externalIdValue: '5',
  customObject: 'Invoice__c',
  query: 'SELECT Id, Owner.Name FROM Account WHERE Name != null',
  apiName: 'Do_it',
  binaryPropertyName: 'data',
  closeDate: '2026-01-01T00:00:00',
};
const OPERATORS = ['equal', '!=', '<', '<=', '>', '>=', 'like', 'in'];

const shows = (one, resource, operation) => {
  const show = one.displayOptions?.show || {};
  return (!show.resource || show.resource.includes(resource)) && (!show.operation || show.operation.includes(operation));
};
const locator = (value) => ({ __rl: true, mode: 'id', value });

function valueOf(option, sort) {
  if (option.type === 'resourceLocator') return locator(sort === 'empty' ? '' : '001000000000001AAA');
  if (option.name === 'binaryPropertyName') return 'data';
  if (sort === 'empty') return option.type === 'boolean' ? false : option.type === 'number' ? 0 : '';
  if (option.type === 'boolean') return true;
  if (option.type === 'number') return 5;
  if (option.type === 'dateTime') return '2026-01-01T00:00:00';
  return option.type === 'multiOptions' ? ['Id'] : 'x';
}

const customRows = (names) => ({ customFieldsValues: names.map((name) => ({ fieldId: name, value: '1' })) });
const condition = (field, operation) => ({ conditionValues: [{ field, operation, value: 'x' }] });

function* casesOf(resource, operation) {
  const visible = properties.filter((one) => !['resource', 'operation', 'authentication'].includes(one.name) && shows(one, resource, operation));
  const base = { resource, operation };
  for (const one of visible) if (one.required) base[one.name] = GIVEN[one.name] ?? 'x';
  const name = `${resource} ${operation}`;
  yield [`${name}: required`, base];
  const leftovers = { additionalFields: { email: 'x', name: 'x' }, updateFields: { email: 'x', description: 'x' }, externalId: 'Left__c', company: 'x' };
  yield [`${name}: leftovers`, { ...leftovers, ...base }];
  for (const one of visible.filter((each) => each.type === 'collection')) {
    const simple = one.options.filter((option) => option.type !== 'fixedCollection' && option.name !== 'fields');
    const every = (sort) => Object.fromEntries(simple.map((option) => [option.name, valueOf(option, sort)]));
    if (simple.length > 0) {
      yield [`${name}: every ${one.name}`, { ...base, [one.name]: every('full') }];
      yield [`${name}: empty ${one.name}`, { ...base, [one.name]: every('empty') }];
    }
    for (const option of simple) {
      yield [`${name}: ${one.name}.${option.name}`, { ...base, [one.name]: { [option.name]: valueOf(option, 'full') } }];
      if (option.type === 'resourceLocator') {
        yield [`${name}: ${one.name}.${option.name} as text`, { ...base, [one.name]: { [option.name]: '005000000000001AAA' } }];
      }
    }
    if (one.options.some((option) => option.name === 'customFieldsUi')) {
      yield [`${name}: custom ${one.name}`, { ...base, [one.name]: { customFieldsUi: customRows(['A__c', 'Ext__c']) } }];
    }
    if (one.options.some((option) => option.name === 'fields')) yield* queries(name, base, one.name);
  }
  if (visible.some((one) => one.name === 'customFieldsUi')) {
    yield [`${name}: custom`, { ...base, customFieldsUi: customRows(['A__c', 'Ext__c']) }];
  }
}

function* queries(name, base, options) {
  yield [`${name}: fields`, { ...base, [options]: { fields: ['Id', 'A__c'] } }];
  yield [`${name}: fields as text`, { ...base, [options]: { fields: 'Id, Owner.Name' } }];
  yield [`${name}: empty fields`, { ...base, [options]: { fields: '' } }];
  yield [`${name}: trailing comma`, { ...base, [options]: { fields: 'Id,' } }];
  yield [`${name}: return all`, { ...base, returnAll: true }];
  yield [`${name}: limit`, { ...base, limit: 3 }];
  for (const operator of OPERATORS) {
    yield [`${name}: where ${operator}`, { ...base, [options]: { conditionsUi: condition('B__c', operator) } }];
  }
  yield [`${name}: where =`, { ...base, [options]: { conditionsUi: condition('B__c', '=') } }];
}

function* all() {
  for (const { value: resource } of properties.find((one) => one.name === 'resource').options) {
    const operations = properties.find((one) => one.name === 'operation' && shows(one, resource));
    for (const { value: operation } of operations.options) yield* casesOf(resource, operation);
  }
  for (const query of ['=SELECT Id FROM Lead', 'select id from case;', 'SELECT COUNT() FROM Task']) {
    yield [`search: ${query}`, { resource: 'search', operation: 'query', query }];
  }
  for (const customObject of ['Account', 'account', 'Case', 'My__mdt']) {
    yield [`customObject getAll: ${customObject}`, { resource: 'customObject', operation: 'getAll', customObject }];
  }
  yield ['only what is required', { company: 'x', lastname: 'x' }];
  yield ['resource from an expression', { resource: "={{ 'contact' }}", operation: 'getAll' }];
}

const events = new SalesforceTrigger().description.properties.find((one) => one.name === 'triggerOn');
const triggers = events.options.map(({ value }) => [`trigger ${value}`, { triggerOn: value, customObject: 'Invoice__c' }]);
process.stdout.write(JSON.stringify({ nodes: [...all()], triggers }));
