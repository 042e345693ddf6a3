/* The other half of posting.h: what comes back. Runs once a delivery: nothing here allocates or asks the kernel. */
#include <string.h>

#include "client.h"
#include "posting.h"
#include "stream.h"

#define NAMED_WITHIN_BYTES 1024

/* The text of the post named at `label`, which follows the mark. */
static struct post *numbered(const char *label, const char *end)
{
    uint64_t number = 0;
    const char *digit = label;
    for (; digit < end && *digit >= '0' && *digit <= '9'; digit++)
        number = number * 10 + (uint64_t)(*digit - '0');
    return digit > label && number < posting.sent_count ? &posting.sent[number] : NULL;
}

struct post *posting_named(const char *text, size_t length)
{
    /* The same message goes to many clients: the mark stands mostly where it stood in the frame before. */
    static size_t place;
    if (!posting.active)
        return NULL;
    if (place + posting.mark_length > length || memcmp(text + place, posting.mark, posting.mark_length)) {
        size_t head = length < NAMED_WITHIN_BYTES ? length : NAMED_WITHIN_BYTES;
        const char *mark = memmem(text, head, posting.mark, posting.mark_length);
        if (!mark)
            return NULL;
        place = (size_t)(mark - text);
    }
    return numbered(text + place + posting.mark_length, text + length);
}

static void answered(struct client *poster, struct post *post, uint8_t by)
{
    if (!(post->awaits & by))
        return;
    post->awaits &= (uint8_t)~by;
    if (post->awaits)
        return;
    posting.unanswered--;
    poster->unanswered--;
    if (posting.command.wait != WAIT_ALL && posting.command.rate <= 0 && !posting_over())
        posting_send(poster);
}

void posting_delivered(struct client *client, struct post *post, size_t frame_size)
{
    int64_t sent_at = post->sent_at;
    client->delivered++;
    posting.deliveries++;
    posting.frame_bytes += frame_size;
    posting.last_at = posting.progress_at = now;
    if (posting.command.wait == WAIT_ALL && posting.deliveries == posting.expected)
        latency_add(&posting.last, now - sent_at);
    if (client != post->poster)
        latency_add(&posting.delivery, now - sent_at);
    else
        answered(client, post, AWAITS_OWN);
}

void posting_acknowledged(struct client *client, struct post *post)
{
    if (!(post->awaits & AWAITS_OK))
        return;
    posting.oks++;
    posting.last_at = posting.progress_at = now;
    latency_add(&posting.ok, now - post->sent_at);
    answered(client, post, AWAITS_OK);
}

void posting_refused(struct client *client, struct post *post, const char *code, size_t length)
{
    if (!post->awaits)
        return;
    tally_add(&posting.errors, code, length);
    posting.progress_at = now;
    post->stream->posts--;
    posting.expected -= post->stream->readers;
    post->awaits = AWAITS_OK;
    answered(client, post, AWAITS_OK);
}

/* How many posts of this run are still on their way to the client. */
static int64_t owed(const struct client *client)
{
    int64_t posts = everybody.posts;
    for (uint32_t i = 0; i < client->order.count; i++)
        if (client->order.sequences[i].stream)
            posts += client->order.sequences[i].stream->posts;
    return posts - client->delivered;
}

void posting_lost(struct client *client, unsigned code)
{
    if (!posting.active)
        return;
    tally_add_number(&posting.closes, code);
    if (client->reading)
        posting.expected -= owed(client);
    posting.unanswered -= client->unanswered;
    client->unanswered = 0;
}
