// Print the redirect URL that an installed n8n would send to Salesforce, by n8n's own code and
// without its server: `node callback_of.cjs MODULES`, in the folder with n8n's .env.
const { createRequire } = require('node:module');
const own = createRequire(`${process.argv[2]}/n8n/bin/n8n`);

own('dotenv').config({ quiet: true }); // as bin/n8n does before anything else
own('reflect-metadata');
const { Container } = own('@n8n/di');
const { GlobalConfig } = own('@n8n/config');
const { UrlService } = own('../dist/services/url.service.js');

const base = Container.get(UrlService).getInstanceBaseUrl();
const rest = Container.get(GlobalConfig).endpoints.rest;
console.log(`${base}/${rest}/oauth2-credential/callback`);
