"""The first program of the chapter on several machines: every worker says what it has after an all-reduce."""

import torch
from torch import distributed as dist

if __name__ == "__main__":
    dist.init_process_group("gloo")
    rank, world = dist.get_rank(), dist.get_world_size()
    x = torch.tensor([rank + 1.0])
    dist.all_reduce(x)
    print(f"rank {rank} of {world} has {x.item()}")
    dist.destroy_process_group()
