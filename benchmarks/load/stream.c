#include "stream.h"

#include <stdlib.h>

#include "bytes.h"
#include "client.h"
#include "dialect.h"
#include "target.h"

struct stream everybody;

static struct stream **streams;
static size_t stream_count;

struct stream *stream_of(uint64_t key)
{
    for (size_t i = 0; i < stream_count; i++)
        if (streams[i]->key == key)
            return streams[i];
    struct stream *stream = resized(NULL, 1, sizeof *stream);
    *stream = (struct stream){.key = key};
    streams = resized(streams, stream_count + 1, sizeof(struct stream *));
    streams[stream_count++] = stream;
    return stream;
}

void streams_forget_posts(void)
{
    everybody.posts = 0;
    for (size_t i = 0; i < stream_count; i++)
        streams[i]->posts = 0;
}

static void count(struct client *client, int difference)
{
    if (!target.dialect->counts_events) {
        everybody.readers += (uint32_t)difference;
        return;
    }
    for (uint32_t i = 0; i < client->order.count; i++)
        if (client->order.sequences[i].stream)
            client->order.sequences[i].stream->readers += (uint32_t)difference;
}

void streams_enlist(struct client *client)
{
    count(client, 1);
}

void streams_delist(struct client *client)
{
    count(client, -1);
}
