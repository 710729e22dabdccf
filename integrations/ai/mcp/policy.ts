/** Connections that an MCP server can be reached with. */
export const mcpConnection = { type: ['http-bearer', 'http-basic', 'http-header', 'oauth2'], required: false } as const;

/** Errors of the nodes that talk to MCP servers. */
export const mcpErrors = {
  'mcp.address': 'The address is not one of a server over HTTP.',
  'mcp.refused': 'The server refuses the request, in the words of the protocol.',
  'mcp.missing': 'The server has no tool of that name.',
  'mcp.changed': 'The server describes the tool in other words than before, so it is not used.',
  'mcp.tooLarge':
    'The server answered more than 4 MB, or more values than about 170,000 records of ten fields, or describes a tool with more than 20,000 characters.',
  'mcp.*': 'The server answered with an error of HTTP; the rest of the code is its status.',
} as const;
