import { type CallSink, each, joined, packages, type Table } from './sink-table.ts';

const sql: CallSink = { kind: 'sql', arg: 0 };

export const QUERIES: Readonly<Table> = {
  ...each('mssql.Request#', 'query batch', sql),
  ...each('mssql.ConnectionPool#', 'query batch', sql),
  ...packages('mssql.query mssql.batch tedious.Request', sql),
  ...each(
    'pg-promise()()#',
    'any many manyOrNone map multi multiResult none one oneOrNone query result each func',
    sql,
  ),
  ...each(
    'pg-promise.Database#',
    'any many manyOrNone map multi multiResult none one oneOrNone query result each',
    sql,
  ),
  ...each('@google-cloud/bigquery.BigQuery#', 'query createQueryJob', sql),
  ...each('@google-cloud/spanner.Database#', 'run runStream', sql),
  ...each('@clickhouse/client.createClient()#', 'query command exec', sql),
  ...each('snowflake-sdk.createConnection()#', 'execute', { kind: 'sql', arg: 0, property: 'sqlText' }),
  ...packages(
    'cassandra-driver.Client#execute cassandra-driver.Client#eachRow oracledb.Connection#execute oracledb.getConnection()#execute',
    sql,
  ),
  '@aws-sdk/client-athena.AthenaClient#send': [sql],
  '@aws-sdk/client-dynamodb.DynamoDBClient#send': [sql],
  '@aws-sdk/client-dynamodb.DynamoDB#send': [sql],
  '@aws-sdk/client-rds-data.RDSDataClient#send': [sql],
  ...each('aws-sdk.Athena#', 'startQueryExecution createNamedQuery updateNamedQuery', sql),
  ...each('aws-sdk.DynamoDB#', 'executeStatement batchExecuteStatement', sql),
};

/**
 * Where pg-promise puts a value into a query as it is: `$1^`, `${name:raw}`, and with quotes doubled but none around it:
 * `$1#`, `${name:value}`.
 */
export const RAW_HOLES = /\$(?:(\d+)|[{(<[/]\s*(\w+)\s*(?=[}:^#)>\]/]))(?:[})>\]/]?)(\^|#|:raw\b|:value\b)/g;

const GITHUB = ['@octokit/core.Octokit', '@octokit/rest.Octokit', 'octokit.Octokit', '@actions/github.getOctokit()'];
const REQUEST_BODY: CallSink = { kind: 'graphql', arg: 1, property: 'query', first: /graphql/i };
export const GRAPHQL: Readonly<Table> = {
  ...joined(
    GITHUB.map(client => ({
      ...each(`${client}#`, 'graphql', { kind: 'graphql', arg: 0 }),
      [`${client}#request`]: [REQUEST_BODY],
    })),
  ),
  ...packages(
    '@octokit/graphql.graphql @octokit/graphql.graphql.defaults() @octokit/graphql.withCustomRequest() graphql-request.request()',
    { kind: 'graphql', arg: 0 },
  ),
  ...packages('@octokit/request.request @octokit/request.request.defaults()', REQUEST_BODY),
  ...packages(
    'graphql.graphql graphql.graphqlSync',
    { kind: 'graphql', arg: 1 },
    { kind: 'graphql', arg: 0, property: 'source' },
  ),
  ...packages('graphql-request.default graphql-request.request', { kind: 'graphql', arg: 1 }),
  'graphql-request.GraphQLClient#request': [{ kind: 'graphql', arg: 0 }],
};

const xpath: CallSink = { kind: 'xpath', arg: 0 };
export const XPATH: Readonly<Table> = {
  ...each('xpath.', 'parse select select1 evaluate selectWithResolver', xpath),
  'xpath.useNamespaces()': [xpath],
  'document.evaluate': [xpath],
  'document.createExpression': [xpath],
  ...joined(
    ['libxmljs', 'libxmljs2'].flatMap(lib =>
      ['parseXml()', 'parseXmlString()', 'Document'].map(made => each(`${lib}.${made}#`, 'get find', xpath)),
    ),
  ),
};

export const LDAP: Readonly<Table> = {
  ...joined(
    ['ldapjs.createClient()#', 'ldapjs.Client#', 'ldapts.Client#'].map(client => ({
      ...each(client, 'search searchPaginated', { kind: 'ldap', arg: 0 }, { kind: 'ldap', arg: 1, property: 'filter' }),
      ...each(client, 'del add modify compare modifyDN exop bind', { kind: 'ldap', arg: 0 }),
    })),
  ),
  ...each('ldapjs.', 'parseDN parseFilter', { kind: 'ldap', arg: 0 }),
};
