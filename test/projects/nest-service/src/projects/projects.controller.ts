import { Body, Controller, Delete, Get, NotFoundException, Param, ParseUUIDPipe, Post, UseGuards } from '@nestjs/common';
import { CurrentUser, type CurrentUserInfo } from '@app/auth/current-user';
import { JwtAuthGuard } from '@app/auth/jwt-auth.guard';
import { CreateProjectDto, InviteDto } from './project.dto';
import { ProjectsService } from './projects.service';

@Controller('projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  @UseGuards(JwtAuthGuard)
  list(@CurrentUser() user: CurrentUserInfo) {
    return this.projects.listOf(user.sub);
  }

  @Get(':id')
  @UseGuards(JwtAuthGuard)
  async show(@Param('id', ParseUUIDPipe) id: string, @CurrentUser() user: CurrentUserInfo) {
    const project = await this.projects.find(id, user.sub);
    if (!project) throw new NotFoundException();
    return project;
  }

  @Post()
  @UseGuards(JwtAuthGuard)
  create(@Body() dto: CreateProjectDto, @CurrentUser() user: CurrentUserInfo) {
    return this.projects.create(dto, user.sub);
  }

  @Post(':id/members')
  @UseGuards(JwtAuthGuard)
  invite(@Param('id', ParseUUIDPipe) id: string, @Body() dto: InviteDto, @CurrentUser() user: CurrentUserInfo) {
    return this.projects.invite(id, dto.userId, user.sub);
  }

  @Delete(':id')
  remove(@Param('id', ParseUUIDPipe) id: string) {
    return this.projects.remove(id);
  }
}
