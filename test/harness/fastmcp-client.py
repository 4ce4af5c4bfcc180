"""fastmcp's client, asked one question: `fastmcp-client.py URL HEADERS QUESTION ARGUMENTS`, all but the first and third in JSON."""

import asyncio
import json
import sys

from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport


async def ask(url: str, headers: str, question: str, arguments: str) -> object:
    given = json.loads(arguments)
    async with Client(StreamableHttpTransport(url, headers=json.loads(headers))) as client:
        if question == "tools":
            return [tool.name for tool in await client.list_tools()]
        if question == "call":
            result = await client.call_tool(given["name"], given["args"], raise_on_error=False)
            return {
                "structuredContent": result.structured_content,
                "isError": result.is_error,
                "content": [part.model_dump(mode="json", exclude_none=True) for part in result.content],
            }
        if question == "read":
            contents = await client.read_resource(given)
            return [part.model_dump(mode="json", by_alias=True, exclude_none=True) for part in contents]
        messages = (await client.get_prompt(given)).messages
        return [message.model_dump(mode="json", exclude_none=True) for message in messages]


print(json.dumps(asyncio.run(ask(*sys.argv[1:]))))
