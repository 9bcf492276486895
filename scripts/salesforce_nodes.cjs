// Print, as JSON, what n8n's Salesforce nodes send: object, verb and fields of every operation.
//
//     node scripts/salesforce_nodes.cjs FOLDER [PACKAGE]
//
// FOLDER contains the node_modules of an installed n8n. PACKAGE is the folder of an n8n-nodes-base
// to read instead of the installed one. The nodes' own code runs: every operation is called with
// every parameter, one at a time, and what it would send is recorded. Nothing is sent.
'use strict';

const Module = require('module');
const fs = require('fs');
const path = require('path');

const [folder, own] = process.argv.slice(2);
const modules = path.resolve(folder, 'node_modules');
const nodesBase = path.resolve(own || path.join(modules, 'n8n-nodes-base'));

// What older nodes import and isn't there any more may be anything.
const anything = new Proxy(function () {}, {
  get: (_target, key) => (key === Symbol.toPrimitive ? () => '' : anything),
  apply: () => anything,
  construct: () => anything,
});
const load = Module._load;
Module._load = function (name, parent, isMain) {
  const found = parent ? find(name, parent) : name;
  const loaded = found === null ? anything : load.call(this, found, parent, isMain);
  if (name !== 'n8n-workflow') return loaded;
  return new Proxy(loaded, { get: (from, key) => (key in from ? from[key] : anything) });
};
function find(name, parent) {
  try {
    return require.resolve(name, { paths: [path.dirname(parent.filename), modules] });
  } catch {
    return null;
  }
}

const { NodeHelpers } = require(path.join(modules, 'n8n-workflow'));
const home = path.join(nodesBase, 'dist/nodes/Salesforce');
const { Salesforce } = require(path.join(home, 'Salesforce.node.js'));

let version = 1; // the node's typeVersion

const MARK = 'Zmark';
const NAMED = 'Zfield__c';

// -- running a node, and recording what it sends

function parametersOf(type, given) {
  const node = { typeVersion: version };
  const { properties } = type.description;
  return NodeHelpers.getNodeParameters(properties, given, true, false, node, type.description) || {};
}

function context(type, given, sent) {
  const parameters = parametersOf(type, given);
  const answer = (options) => {
    sent.push({ ...options, url: (options.url || options.uri).replace(/^.*\/services\/data\/v[0-9.]+/, '') });
    return { records: [], actions: [] };
  };
  const binary = { data: `${MARK}binary`, mimeType: 'text/plain', fileExtension: 'txt' };
  const state = {};
  return {
    getInputData: () => [{ json: {}, binary: new Proxy({}, { get: () => binary }) }],
    getNodeParameter(name, index, fallback, options) {
      const key = typeof index === 'number' ? fallback : index;
      let value = name.split('.').reduce((part, step) => part?.[step], parameters);
      const extracted = options?.extractValue && value && typeof value === 'object';
      if (extracted) value = value.value;
      return value === undefined ? key : value;
    },
    getNode: () => ({ name: 'node', typeVersion: version }),
    getMode: () => 'trigger',
    getWorkflow: () => ({ id: '1' }),
    getTimezone: () => 'UTC',
    getWorkflowStaticData: () => state,
    continueOnFail: () => false,
    getCredentials: async () => ({ oauthTokenData: { instance_url: 'https://org' } }),
    logger: { debug() {}, error() {}, warn() {} },
    helpers: {
      requestOAuth2: async (_type, options) => answer(options),
      requestWithAuthentication: async (_type, options) => answer(options),
      httpRequestWithAuthentication: async (_type, options) => answer(options),
      assertBinaryData: () => binary,
      getBinaryDataBuffer: async () => Buffer.from(`${MARK}binary`),
      returnJsonArray: (data) => [].concat(data),
      constructExecutionMetaData: (data) => data,
    },
  };
}

async function run(type, given) {
  const sent = [];
  const self = context(type, given, sent);
  try {
    await (type.execute || type.poll).call(self);
  } catch (error) {
    return { sent, error: String(error.message) };
  }
  return { sent };
}

// -- reading a request

function bodyOf(request) {
  const content = request.formData?.entity_content;
  if (!content) return request.body || {};
  return { ...JSON.parse(content.value), VersionData: `${MARK}binary` };
}

function queryOf(request) {
  const text = request.qs?.q;
  const found = /^SELECT (.*?) FROM (\S+) *(.*)$/s.exec(text || '');
  if (!found) return null;
  const conditions = [...found[3].matchAll(/(?:WHERE|AND) (\S+) /g)].map((one) => one[1]);
  return { fields: found[1].split(','), object: found[2], conditions };
}

// -- what a parameter adds

function sample(property, value) {
  if (property.type === 'resourceLocator') return { __rl: true, mode: 'id', value };
  return value;
}

const unique = (list) => [...new Set(list)];

async function fieldsSent(type, given) {
  const { sent } = await run(type, given);
  return sent.length ? Object.keys(bodyOf(sent.at(-1))) : [];
}

// When the field is sent: `present` if the parameter is there, `filled` if it isn't empty, `true`
// if JavaScript takes it as true.
async function ruleOf(type, withValue, property, field) {
  const sends = async (value) => (await fieldsSent(type, withValue(value))).includes(field);
  if (await sends(sample(property, ''))) return 'present';
  return (await sends(0)) || (await sends(false)) ? 'filled' : 'true';
}

const shows = (property, resource, operation) => {
  const { resource: resources, operation: operations } = property.displayOptions?.show || {};
  return (!resources || resources.includes(resource)) && (!operations || operations.includes(operation));
};

async function collection(type, base, property, outer) {
  const found = { parameters: {}, named: [] };
  for (const option of property.options || []) {
    const route = [...outer, property.name, option.name].join('.');
    const withValue = (value) => ({ ...base, [property.name]: { [option.name]: value } });
    if (option.type === 'fixedCollection') {
      found.named.push(...(await rows(type, withValue, option, route)));
      continue;
    }
    for (const field of await added(type, base, withValue(sample(option, MARK)))) {
      const rule = await ruleOf(type, withValue, option, field);
      const known = (found.parameters[route] ||= []); // two options can have the same name
      if (!known.some(([name]) => name === field)) known.push([field, rule]);
    }
  }
  return found;
}

// The fields of one request that another one doesn't have. A lone marker makes updates possible.
async function added(type, base, given) {
  const before = await fieldsSent(type, base);
  return (await fieldsSent(type, given)).filter((field) => !before.includes(field));
}

async function rows(type, withValue, property, route) {
  const found = [];
  for (const table of property.options || []) {
    for (const column of table.values || []) {
      const row = { operation: 'equal', value: MARK, [column.name]: NAMED };
      const { sent } = await run(type, withValue({ [table.name]: [row] }));
      const request = sent.at(-1);
      if (!request || !request.url.match(/sobjects|query/)) continue;
      const isField = NAMED in bodyOf(request);
      const isCondition = (queryOf(request)?.conditions || []).includes(NAMED);
      if (isField || isCondition) found.push({ path: `${route}.${table.name}`, name: column.name, in: isField ? 'body' : 'where' });
    }
  }
  return found;
}

// -- an operation

async function operationOf(type, resource, operation) {
  const visible = type.description.properties.filter(
    (one) => !['resource', 'operation', 'authentication'].includes(one.name) && shows(one, resource, operation),
  );
  const filled = Object.fromEntries(visible.filter((one) => one.type === 'string' || one.type === 'options' || one.type === 'dateTime').map((one) => [one.name, `${MARK}${one.name}`]));
  const base = { resource, operation, ...filled };
  const collections = visible.filter((one) => one.type === 'collection');
  const outer = visible.filter((one) => one.type === 'fixedCollection');
  const found = { parameters: {}, named: [] };
  for (const one of collections) {
    const { parameters, named } = await collection(type, base, one, []);
    Object.assign(found.parameters, parameters);
    found.named.push(...named);
  }
  for (const one of outer) {
    found.named.push(...(await rows(type, (value) => ({ ...base, [one.name]: value }), one, one.name)));
  }
  let { sent, error } = await run(type, base);
  const isEmptyRefused = !sent.length;
  if (isEmptyRefused) ({ sent, error } = await runFilled(type, base, found));
  if (!sent.length) throw new Error(`${resource} ${operation}: sent nothing: ${error}`);
  const request = sent.at(-1);
  const entry = described(request);
  if (isEmptyRefused) entry.refuses_empty = true;
  const body = isEmptyRefused ? {} : bodyOf(request);
  if (['create', 'edit', 'upsert'].includes(entry.kind)) {
    for (const [field, value] of Object.entries(body)) {
      const source = visible.find((one) => value === `${MARK}${one.name}`);
      if (source) found.parameters[source.name] = [[field, await topRule(type, base, source, field)]];
      else if (value === `${MARK}binary`) (entry.always ||= []).push(field);
      else (entry.unasked ||= []).push(field);
    }
    Object.assign(entry, { parameters: found.parameters });
  }
  if (entry.kind === 'query') {
    const list = collections.flatMap((one) => (one.options || []).map((option) => [one.name, option.name]));
    for (const [outerName, name] of list) {
      const ran = await run(type, { ...base, [outerName]: { [name]: NAMED } });
      if (queryOf(ran.sent.at(-1) || {})?.fields.join() === NAMED) entry.fields = `${outerName}.${name}`;
    }
  }
  if (found.named.length) entry.named = found.named;
  return entry;
}

async function runFilled(type, base, found) {
  for (const route of Object.keys(found.parameters).concat(found.named.map((one) => one.path))) {
    const [outer, name] = route.split('.');
    const ran = await run(type, { ...base, [outer]: { [name]: MARK } });
    if (ran.sent.length) return ran;
  }
  // No option alone has told a difference yet: try all of them.
  const { properties } = type.description;
  for (const one of properties.filter((p) => p.type === 'collection' && shows(p, base.resource, base.operation))) {
    for (const option of one.options) {
      const ran = await run(type, { ...base, [one.name]: { [option.name]: MARK } });
      if (ran.sent.length) return ran;
    }
  }
  return { sent: [] };
}

// Whether a parameter of the node itself is sent when it is missing from the file.
async function topRule(type, base, property, field) {
  const { [property.name]: _gone, ...rest } = base;
  return (await fieldsSent(type, rest)).includes(field) ? 'always' : 'filled';
}

function described(request) {
  const { method, url } = request;
  const query = queryOf(request);
  if (url.startsWith('/query')) {
    if (!query) return { kind: 'soql', query: parameterIn(request.qs.q) };
    return { kind: 'query', ...objectOf(query.object) };
  }
  const flow = /^\/actions\/custom\/flow(?:\/(.*))?$/.exec(url);
  if (flow) return flow[1] ? { kind: 'flow', flow: parameterIn(flow[1]) } : { kind: 'flows' };
  const [, , object, first, second] = url.split('/');
  if (second) return { kind: 'upsert', ...objectOf(object), external_id: parameterIn(first) };
  const kind = { GET: first ? 'get' : 'describe', POST: 'create', PATCH: 'edit', DELETE: 'delete' }[method];
  return { kind, ...objectOf(object) };
}

const parameterIn = (text) => (text.startsWith(MARK) ? text.slice(MARK.length) : null);

function objectOf(name) {
  return name.startsWith(MARK) ? { object_from: name.slice(MARK.length) } : { object: name };
}

// -- the fields that a query selects by default, and the trigger's polling

async function defaultFields(type, objects) {
  const found = {};
  for (const object of [...objects, NAMED]) {
    const { sent } = await run(type, { resource: 'customObject', operation: 'getAll', customObject: object });
    if (sent.length) found[object === NAMED ? '*' : object] = queryOf(sent.at(-1)).fields;
  }
  const usual = found['*'].join();
  return Object.fromEntries(Object.entries(found).filter(([key, list]) => key === '*' || list.join() !== usual));
}

async function triggers() {
  const { SalesforceTrigger } = require(path.join(home, 'SalesforceTrigger.node.js'));
  const type = new SalesforceTrigger();
  const { properties } = type.description;
  const found = {};
  for (const option of properties.find((one) => one.name === 'triggerOn').options) {
    const { sent, error } = await run(type, { triggerOn: option.value, customObject: `${MARK}customObject` });
    if (!sent.length) throw new Error(`${option.value}: ${error}`);
    const query = queryOf(sent.at(-1));
    found[option.value] = { ...objectOf(query.object), fields: query.fields, conditions: unique(query.conditions) };
  }
  const authentication = properties.find((one) => one.name === 'authentication');
  return {
    versions: [].concat(type.description.version),
    authentication: (authentication?.options || []).map((one) => one.value),
    events: found,
  };
}

async function tableOf(type) {
  const { properties } = type.description;
  const choice = properties.find((one) => one.name === 'resource');
  const resources = {};
  const objects = new Set();
  for (const { value: resource } of choice.options) {
    const operation = properties.find((one) => one.name === 'operation' && shows(one, resource));
    const operations = {};
    for (const { value } of operation.options) {
      operations[value] = await operationOf(type, resource, value);
      if (operations[value].object) objects.add(operations[value].object);
    }
    resources[resource] = { default: operation.default, operations };
  }
  const authentication = properties.find((one) => one.name === 'authentication');
  return {
    versions: [].concat(type.description.version),
    authentication: (authentication?.options || []).map((one) => one.value),
    default_resource: choice.default,
    default_fields: await defaultFields(type, objects),
    resources,
  };
}

async function main() {
  const type = new Salesforce();
  const tables = [];
  for (version of [].concat(type.description.version)) tables.push(await tableOf(type));
  const [table] = tables.map((one) => JSON.stringify(one));
  if (tables.some((one) => JSON.stringify(one) !== table)) throw new Error('typeVersions differ');
  const trigger = fs.existsSync(path.join(home, 'SalesforceTrigger.node.js')) ? await triggers() : null;
  process.stdout.write(`${JSON.stringify({ ...tables[0], trigger })}\n`);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
